"""What the end-to-end tests stand on: real Unbounds, the real CLI, real minisign and dig."""
