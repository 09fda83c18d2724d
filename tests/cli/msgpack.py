"""Prints the JSON of standard input as MessagePack, in the forms that a compact writer chooses."""
import json
import struct
import sys


def sized(count, small, small_max, forms):
    """The head of a value of so many items or bytes; forms: (first byte, struct format, limit)."""
    if count <= small_max:
        return bytes([small | count])
    for first, form, limit in forms:
        if count < limit:
            return bytes([first]) + struct.pack(form, count)
    raise ValueError(count)


def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if 0 <= value < 128:
            return bytes([value])
        if 0 <= value < 1 << 32:
            return b"\xce" + struct.pack(">I", value)
        return b"\xd3" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode()
        return sized(len(data), 0xA0, 31, [(0xD9, ">B", 256), (0xDA, ">H", 65536)]) + data
    if isinstance(value, list):
        return sized(len(value), 0x90, 15, [(0xDC, ">H", 65536)]) + b"".join(map(pack, value))
    pairs = b"".join(pack(key) + pack(item) for key, item in value.items())
    return sized(len(value), 0x80, 15, [(0xDE, ">H", 65536)]) + pairs


sys.stdout.buffer.write(pack(json.load(sys.stdin)))
