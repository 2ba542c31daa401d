# Real traffic in the guest, as datagrams: TCP gives way to a policer further than it has to, the more so on a slow machine.
# flow.py send ADDRESS PORT : 24 Mbit/s for six seconds. flow.py receive PORT : prints the bits per second that come, headers of
# IP and Ethernet included as the kernel counts them, for three seconds from the second second on: a burst is not the rate.
import socket, sys, time

size, headers = 1400, 42
mine = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[1] == "send":
    to, began, sent = (sys.argv[2], int(sys.argv[3])), time.monotonic(), 0
    while (elapsed := time.monotonic() - began) < 6:
        if sent * (size + headers) * 8 < 24_000_000 * elapsed:
            mine.sendto(bytes(size), to)
            sent += 1
        else:
            time.sleep(0.002)
else:
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
    mine.settimeout(20)
    mine.bind(("", int(sys.argv[2])))
    mine.recv(2048)
    began, counted = time.monotonic(), 0
    while time.monotonic() - began < 1:
        mine.recv(2048)
    began = time.monotonic()
    while time.monotonic() - began < 3:
        counted += len(mine.recv(2048)) + headers
    print(counted * 8 / (time.monotonic() - began))
