"""What bench/peers is made of: images, timed runs, the programs that are compared, goals and reports."""
