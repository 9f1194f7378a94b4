from pathlib import Path

RELEASED = Path(__file__).parent / "released.json"
