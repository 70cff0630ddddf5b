"""What a browser needs for each channel (TM-22, TM-23). The contract's minima are shown; what is judged is what works."""

CAMERA = (1024, 720)  # pixels: width and height, for video alone
SPEED = 1.0  # Mbit/s
SAMPLE = 512 * 1024  # bytes that are fetched to measure it: four seconds at the minimum
SAMPLES_A_MINUTE = 6  # of one account
