# Real TCP traffic in the guest. flow.py send PORT : sends without end to who connects. flow.py receive ADDRESS PORT : prints the
# bits per second that come, counted for three seconds after the first: what a burst lets through is not the rate.
import socket, sys, time

if sys.argv[1] == "send":
    server = socket.create_server(("", int(sys.argv[2])))
    while True:
        peer, _ = server.accept()
        try:
            while True:
                peer.sendall(bytes(65536))
        except OSError:
            peer.close()
else:
    peer = socket.create_connection((sys.argv[2], int(sys.argv[3])), 20)
    began, counted = time.monotonic(), 0
    while time.monotonic() - began < 1:
        peer.recv(65536)
    began = time.monotonic()
    while time.monotonic() - began < 3:
        counted += len(peer.recv(65536))
    print(counted * 8 / (time.monotonic() - began))
