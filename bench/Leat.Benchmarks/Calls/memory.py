"""Hits of joblib.Memory: prints the microseconds that one takes."""
import shutil
import sys
import tempfile
import time

from joblib import Memory


def square(x):
    return x * x


def main():
    count = int(sys.argv[1])
    folder = tempfile.mkdtemp()
    try:
        cached = Memory(folder, verbose=0).cache(square)
        for i in range(count):
            cached(i)
        start = time.perf_counter()
        total = sum(cached(i) for i in range(count))
        seconds = time.perf_counter() - start
        assert total == sum(i * i for i in range(count))
        print(seconds / count * 1e6)
    finally:
        shutil.rmtree(folder)


main()
