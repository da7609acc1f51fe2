"""The work of the suite by Python's multiprocessing: prints one figure.

    imap.py trivial CHUNKSIZE COUNT   items/s of x + 1, by imap of a pool of two
    imap.py bytes SIZE COUNT          GB/s each way of bytes there and back, by imap of a pool of two
    imap.py apply COUNT               microseconds, the median, of a call that waits for its result, by a pool of one
    imap.py first                     nothing: starts a pool of one and waits for one result
"""

import sys
import time
from multiprocessing import Pool


def add_one(x):
    return x + 1


def same(x):
    return x


def trivial(chunksize, count):
    with Pool(2) as pool:
        sum(pool.imap(add_one, range(5_000), chunksize))
        start = time.perf_counter()
        total = sum(pool.imap(add_one, range(count), chunksize))
        elapsed = time.perf_counter() - start
        assert total == count * (count + 1) // 2
        return count / elapsed


def there_and_back(size, count):
    item = bytes(size)
    with Pool(2) as pool:
        sum(len(each) for each in pool.imap(same, (item for _ in range(10))))
        start = time.perf_counter()
        total = sum(len(each) for each in pool.imap(same, (item for _ in range(count))))
        elapsed = time.perf_counter() - start
        assert total == size * count
        return total / elapsed / 1e9


def apply(count):
    times = []
    with Pool(1) as pool:
        for i in range(count):
            start = time.perf_counter()
            assert pool.apply(add_one, (i,)) == i + 1
            times.append(time.perf_counter() - start)
    return sorted(times)[count // 2] * 1e6


def first():
    with Pool(1) as pool:
        assert next(pool.imap(add_one, range(1))) == 1
    return 0


if __name__ == "__main__":
    work = {"trivial": trivial, "bytes": there_and_back, "apply": apply, "first": first}[sys.argv[1]]
    print(work(*map(int, sys.argv[2:])))
