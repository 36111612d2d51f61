"""Just enough HTTP/1.1 over one socket to measure with: what the standard library adds is more than what is measured."""

import socket


class Connection:
    """A connection that is kept alive, and opened anew where the server has closed it."""

    def __init__(self, port, path, timeout):
        self.address = ("127.0.0.1", port)
        self.path = path
        self.timeout = timeout
        self.socket = None

    def get(self, path=None):
        """The whole answer, head and body."""
        request = f"GET {path or self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        fresh = self.socket is None
        try:
            return self._get(request)
        except OSError:
            self.close()
            if fresh:
                raise
        return self._get(request)  # a connection that the server closed while it was idle is no failure of the server

    def _get(self, request):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, self.timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = self._receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = head.lower()
        if b"\r\ncontent-length:" in fields:
            length = int(fields.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += self._receive()
        elif b"\r\ntransfer-encoding: chunked" in fields:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._receive()
        else:
            fields += b"\r\nconnection: close"
            while chunk := self.socket.recv(65536):
                body += chunk
        if b"\r\nconnection: close" in fields or fields.startswith(b"http/1.0"):
            self.close()
        return head + b"\r\n\r\n" + body

    def _receive(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionResetError("closed by the server")
        return chunk

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
