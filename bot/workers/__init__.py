"""What works on rows that commit with the case: pushes, attachments, clocks, and whatever was left lying."""
