"""What only a history can show: disputes, silence, records and who held them, any month."""
