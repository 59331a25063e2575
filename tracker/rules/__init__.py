"""The rules of the promise: pure functions of plain values; today is always an argument."""
