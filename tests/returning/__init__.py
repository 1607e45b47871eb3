"""A campaign over the return channel: software that misbehaves, a sender that is killed, a count at the end."""
