"""The official account: its callback format and its API. The only package that knows wechatpy.

In: :mod:`crypto` opens a callback, :mod:`parse` makes it an ``Inbound``. Out: :mod:`render` writes the
passive reply, :mod:`client` calls the API with the shared token of :mod:`token`, :mod:`notices` fills
notification templates, :mod:`menu` holds the account's menu, :mod:`oauth` signs citizens in on web pages.
"""
