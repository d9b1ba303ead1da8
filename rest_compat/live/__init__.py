"""Answers that go on: subscriptions over WebSocket and as events; each operation is one to the audit log."""
