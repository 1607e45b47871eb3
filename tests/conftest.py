"""What all tests share: the servers that they run against."""

pytest_plugins = ["tests.servers.fixtures"]
