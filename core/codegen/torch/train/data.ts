/** What a generated `train.py` reads: the sources that the command line has, without anything but torch. */
export const DATA_SOURCE = `def load_data(source):
    """Training and validation samples of a SOURCE; validation is None where the source has no part for that."""
    kind, _, place = source.partition(":")
    path = pathlib.Path(place)
    if kind == "random":
        return random_samples(), None
    readers = {"mnist": mnist, "fashion-mnist": mnist, "cifar10": cifar10, "folder": image_folders, "npz": arrays}
    if kind not in readers or not place:
        raise SystemExit(f"--data {source}: give mnist:DIR, fashion-mnist:DIR, cifar10:DIR, folder:DIR, npz:FILE or random")
    if not path.exists():
        raise SystemExit(f"--data {source}: there is no {path}")
    return readers[kind](path)


class Samples(torch.utils.data.Dataset):
    """Pixels in memory as bytes [N, C, ...] and a label each."""

    def __init__(self, pixels, labels):
        self.pixels, self.labels = pixels, labels.long()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return fit(self.pixels[index].float()), self.labels[index]


class ImageFiles(torch.utils.data.Dataset):
    """Images in files, read when they are needed."""

    def __init__(self, files, labels):
        self.files, self.labels = files, torch.tensor(labels)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        try:
            from PIL import Image
        except ImportError:
            raise SystemExit("image files need Pillow to be read: pip install pillow")
        with Image.open(self.files[index]) as image:
            image = image.convert("L" if INPUT[0] == 1 else "RGB")
            pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
            pixels = pixels.reshape(image.height, image.width, -1).permute(2, 0, 1)
        return fit(pixels.float()), self.labels[index]


def read_bytes(path):
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        path = packed
    if not path.exists():
        return None
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def mnist(folder):
    """The published IDX files, raw or gzipped."""

    def part(name):
        images, labels = (read_bytes(folder / f"{name}-{what}-ubyte") for what in ("images-idx3", "labels-idx1"))
        if images is None or labels is None:
            return None
        count, height, width = struct.unpack(">3I", images[4:16])
        pixels = torch.frombuffer(bytearray(images[16:]), dtype=torch.uint8)
        return Samples(
            pixels.reshape(count, 1, height, width), torch.frombuffer(bytearray(labels[8:]), dtype=torch.uint8)
        )

    train, test = part("train"), part("t10k")
    if train is None and test is None:
        raise SystemExit(f"{folder}: holds neither train-images-idx3-ubyte nor t10k-images-idx3-ubyte")
    return (train, test) if train else (test, None)


def cifar10(folder):
    """The published binary batches."""
    inner = folder / "cifar-10-batches-bin"
    folder = inner if inner.exists() else folder

    def part(names):
        data = [read_bytes(folder / name) for name in names]
        data = b"".join(one for one in data if one is not None)
        if not data:
            return None
        rows = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(-1, 3073)
        return Samples(rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0])

    train, test = part([f"data_batch_{i}.bin" for i in range(1, 6)]), part(["test_batch.bin"])
    if train is None and test is None:
        raise SystemExit(f"{folder}: holds no data_batch_1.bin and no test_batch.bin")
    return (train, test) if train else (test, None)


ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"}


def image_folders(folder):
    """A folder a class; or folders train and val (or test) of those."""
    train = folder / "train"
    if train.is_dir():
        others = [folder / name for name in ("val", "validation", "test") if (folder / name).is_dir()]
        classes = class_names(train)
        return class_folders(train, classes), class_folders(others[0], classes) if others else None
    return class_folders(folder, class_names(folder)), None


def class_names(folder):
    found = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if CLASSES and set(found) <= set(CLASSES):
        return CLASSES
    return found


def class_folders(folder, classes):
    files, labels = [], []
    for label, name in enumerate(classes):
        for path in sorted((folder / name).rglob("*")):
            if path.suffix.lower() in ENDINGS:
                files.append(path)
                labels.append(label)
    if len(set(labels)) < 2:
        raise SystemExit(f"{folder}: needs images in folders of at least two classes")
    return ImageFiles(files, labels)


def arrays(path):
    """Arrays x [N, C, ...] of bytes (or of pixels from 0 to 255) and y [N] in a NumPy archive."""
    import numpy

    with numpy.load(path) as archive:
        x, y = torch.from_numpy(archive["x"]), torch.from_numpy(archive["y"])
    if x.dim() == len(INPUT):
        x = x[:, None]
    return Samples(x, y), None


def random_samples(count=512):
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (count, *INPUT), generator=generator, dtype=torch.uint8)
    return Samples(pixels, torch.randint(0, OUTPUTS, (count,), generator=generator))


def fit(pixels):
    """One sample as the network's input: its channels and its size; values stay from 0 to 255."""
    channels, *size = INPUT
    if pixels.dim() != len(INPUT):
        raise SystemExit(f"samples have {pixels.dim()} axes, the network takes {len(INPUT)}: use data of that kind")
    if len(pixels) == 3 and channels == 1:
        pixels = (pixels * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
    elif len(pixels) == 1 and channels > 1:
        pixels = pixels.expand(channels, *pixels.shape[1:])
    if list(pixels.shape[1:]) == size:
        return pixels
    if len(size) != 2:
        raise SystemExit(f"samples are {list(pixels.shape)}, the network takes {list(INPUT)}: bring them to that size")
    inner = size
    if FIT == "pad":
        height, width = pixels.shape[1:]
        scale = min(1, size[0] / height, size[1] / width)
        inner = [max(1, round(height * scale)), max(1, round(width * scale))]
    if list(pixels.shape[1:]) != list(inner):
        pixels = F.interpolate(pixels[None], inner, mode="bilinear", antialias=True, align_corners=False)[0]
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    return F.pad(pixels, (left, size[1] - inner[1] - left, top, size[0] - inner[0] - top))


def measure(samples):
    """Mean and deviation of each channel of the training samples, of pixels from 0 to 1."""
    step = max(1, len(samples) // 10000)
    pixels = torch.stack([samples[i][0] for i in range(0, len(samples), step)]).transpose(0, 1).flatten(1)
    return (pixels.double().mean(1) / 255).tolist(), (pixels.double().std(1, unbiased=False) / 255).tolist()


def normalize(images, mean, std):
    """Pixels from 0 to 255 as the numbers that the network takes."""
    images = images / 255
    if NORMALIZATION == "lenet":
        return images * 1.275 - 0.1
    if NORMALIZATION == "standardize":
        rank = [-1] + [1] * (images.dim() - 2)
        mean, std = (torch.tensor(figures, device=images.device).reshape(rank) for figures in (mean, std))
        # a channel that is the same everywhere carries nothing
        return (images - mean) / torch.where(std > 1e-7, std, torch.ones_like(std))
    return images
`
