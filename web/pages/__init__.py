"""The pages of the site, by what people do there."""
