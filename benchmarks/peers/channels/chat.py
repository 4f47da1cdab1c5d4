"""A chat as the tutorial of Django Channels 4 writes it, in one file. CHANNELS_LAYER and CHANNELS_REDIS select the channel layer."""

import json
import os

from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["CHANNELS_LAYER"],
            "CONFIG": {"hosts": [os.environ["CHANNELS_REDIS"]]},
        },
    },
)

import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path


class ChatConsumer(AsyncWebsocketConsumer):
    group = "chat_room"

    async def connect(self):
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data):
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))


class EchoConsumer(AsyncWebsocketConsumer):
    async def receive(self, text_data):
        await self.send(text_data=text_data)


application = ProtocolTypeRouter({
    "websocket": URLRouter([path("chat/", ChatConsumer.as_asgi()), path("echo/", EchoConsumer.as_asgi())]),
})
