"""Writes into a file what Alertmanager sends to port 9099: for each alert when it came, whereto, its state, its labels."""

import http.server
import json
import sys
import time


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        now = time.time()
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            for alert in message["alerts"]:
                labels = " ".join(f"{name}={value}" for name, value in sorted(alert["labels"].items()))
                file.write(f"{now:.3f} {self.path} {alert['status']} {labels}\n")
        self.send_response(200)
        self.end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", 9099), Receiver).serve_forever()
