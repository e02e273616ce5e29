"""A stand-in for the WeChat platform: its API, its pushes, and a chat page for the citizens who use it.

Written from the protocol as Tencent documents it, and from nothing of our own client, so that a shared
misunderstanding cannot hide. For development, tests and demonstrations; never for production.
"""
