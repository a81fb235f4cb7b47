"""The Dutch pipeline that the project ships, and its recipe."""
