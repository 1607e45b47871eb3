"""The API of stations and other programs below `/api/v1`, under the same rules as the pages."""
