"""The base of the end-to-end tests: real Unbounds, the real CLI, real minisign and dig."""
