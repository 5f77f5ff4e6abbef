"""Open pages without browsers: they speak Streamlit's own protocol over a web socket."""

from __future__ import annotations

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol


def open_page(address: str) -> connect:
    """A page at a server's address, to be entered with `async with`."""
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(stream, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None)


async def ask_for(socket: ClientConnection, page: str, query: str) -> None:
    """Ask for a view, as a reader does who follows a link or chooses a filter."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    await socket.send(asked.SerializeToString())


async def until_shown(socket: ClientConnection, page: str) -> str:
    """Read until the page's script has finished; returns what went wrong, or nothing."""
    problem = ""
    while True:
        said = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(decode=False), 60))
        kind = said.WhichOneof("type")
        if kind == "delta" and said.delta.new_element.HasField("exception"):
            problem = said.delta.new_element.exception.message
        if kind == "page_not_found":
            problem = page
        if kind == "script_finished" and said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return problem
