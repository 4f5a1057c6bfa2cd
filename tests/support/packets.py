"""IPv4 packets as nobody sends them, and datagrams that are counted."""

import select
import socket
import struct


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def packet(source, destination, protocol, payload, number=0, flags=0):
    """An IPv4 packet."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, flags, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(destination))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def syn(source, port, destination):
    """A request to connect (SYN), whoever it is from."""
    tcp = struct.pack("!HHIIBBHHH", port, 8080, port, 0, 0x50, 2, 64240, 0, 0)
    pseudo = socket.inet_aton(source) + socket.inet_aton(destination) + struct.pack("!HH", 6, len(tcp))
    right = struct.pack("!H", checksum(pseudo + tcp))
    return packet(source, destination, socket.IPPROTO_TCP, tcp[:16] + right + tcp[18:])


def datagram_socket(address="", port=0):
    receiver = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setblocking(False)
    receiver.bind((address, port))
    return receiver


def received(receiver, wanted, seconds=1):
    """How many datagrams came, once all did or no more come."""
    count = 0
    while count < wanted and select.select([receiver], [], [], seconds)[0]:
        receiver.recv(65536)
        count += 1
    return count
