"""Facts added up beforehand: what is kept (cuboids), how time is cut (blocks, days), how it is made and read."""
