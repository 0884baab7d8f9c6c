"""Reads stored values field by field: little-endian integers, strings after their length."""
import struct
from typing import Any, Callable


class Fields:
    """Reads a value from its beginning; `end` requires that nothing is left."""

    def __init__(self, value: bytes) -> None:
        self._value, self._at = value, 0

    def raw(self, size: int) -> bytes:
        self._at += size
        assert self._at <= len(self._value), "cut short"
        return self._value[self._at - size:self._at]

    def _number(self, code: str) -> int:
        return struct.unpack("<" + code, self.raw(struct.calcsize("<" + code)))[0]

    def u8(self) -> int:
        return self._number("B")

    def u16(self) -> int:
        return self._number("H")

    def u32(self) -> int:
        return self._number("I")

    def u64(self) -> int:
        return self._number("Q")

    def time(self) -> int:
        return self._number("q")

    def octets(self) -> bytes:
        return self.raw(self.u32())

    def text(self) -> str:
        return self.octets().decode()

    def varint(self) -> int:
        value = shift = 0
        while True:
            octet = self.raw(1)[0]
            value |= (octet & 0x7F) << shift
            if octet < 0x80:
                return value
            shift += 7

    def zigzag(self) -> int:
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def several(self, count: int, item: Callable[[], Any]) -> list[Any]:
        return [item() for _ in range(count)]

    def at_end(self) -> bool:
        return self._at == len(self._value)

    def end(self, value: dict[str, Any]) -> dict[str, Any]:
        assert self.at_end(), "longer than its fields"
        return value
