"""Prints the bytes, in hexadecimal, that TensorBoard's own writer makes of two scalars: what core/formats/tensorboard.test.ts
compares with. Needs the Python package tensorboard; run by hand."""

import io

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


class Kept(io.BytesIO):
    def close(self):
        pass


def scalar(tag, step, value, time):
    return Event(wall_time=time, step=step, summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)]))


kept = Kept()
writer = RecordWriter(kept)
writer.write(Event(wall_time=1_700_000_000, file_version="brain.Event:2").SerializeToString())
writer.write(scalar("loss/train", 1, 2.5, 1_700_000_000).SerializeToString())
writer.write(scalar("accuracy/validation", 300, 0.75, 1_700_000_001.5).SerializeToString())
writer.flush()
print(kept.getvalue().hex())
