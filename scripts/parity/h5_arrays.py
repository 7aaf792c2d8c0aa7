"""Lists what an HDF5 file holds, read by h5py: python3 h5_arrays.py FILE... prints one JSON object a file.

Each array as [shape, sum, sum of value times place], so that any other value or order of values shows.
"""

import json
import sys

import h5py
import numpy

for path in sys.argv[1:]:
    arrays, groups = {}, []

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            values = item[()].astype("float64").ravel()
            places = numpy.arange(1, len(values) + 1)
            arrays[name] = [list(item.shape), float(values.sum()), float((values * places).sum() / len(values))]
        else:
            groups.append(name)

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    print(json.dumps({"arrays": arrays, "groups": groups}))
