"""Viewers of the Streamlit page without a browser, in its own language (protobuf over a websocket).

    python streamlit_viewers.py PORT VIEWERS SECONDS

Each chooses one random day after another, as soon as the page of the day before is whole. Prints
one line of JSON: `seconds` of every change, and `elapsed` of all.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


async def _receive_page(line: ClientConnection) -> tuple[str, int]:
    """Reads until a run of the script is over; the slider's id, and how many days it has."""
    slider = ""
    days = 0
    while True:
        message = ForwardMsg()
        message.ParseFromString(await line.recv())
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "slider":
            slider = message.delta.new_element.slider.id
            days = len(message.delta.new_element.slider.options)
        if kind == "script_finished":
            return slider, days


async def view(port: int, until: list[float], seconds: list[float], ready: asyncio.Barrier) -> None:
    """One viewer, until the moment in `until`, which the first to be ready writes."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None) as line:
        first = BackMsg()
        first.rerun_script.query_string = ""
        await line.send(first.SerializeToString())
        slider, days = await _receive_page(line)
        await ready.wait()
        while time.perf_counter() < until[0]:
            chosen = BackMsg()
            state = chosen.rerun_script.widget_states.widgets.add()
            state.id = slider
            state.double_array_value.data.append(random.randrange(days))
            began = time.perf_counter()
            await line.send(chosen.SerializeToString())
            await _receive_page(line)
            seconds.append(time.perf_counter() - began)


async def main(port: int, viewers: int, span: float) -> None:
    """All viewers at once; they begin together, when each has its first page."""
    until = [float("inf")]
    seconds: list[float] = []
    ready = asyncio.Barrier(viewers + 1)
    tasks = [asyncio.create_task(view(port, until, seconds, ready)) for _ in range(viewers)]
    await ready.wait()
    began = time.perf_counter()
    until[0] = began + span
    await asyncio.gather(*tasks)
    print(json.dumps({"seconds": seconds, "elapsed": time.perf_counter() - began}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
