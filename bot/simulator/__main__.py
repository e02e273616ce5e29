"""``python -m bot.simulator``: the platform in a process of its own, with its own clock in memory.

For runs in which the service is killed and the platform must live on, with its retries and its memory.
"""

import argparse

from aiohttp import web

from bot.simulator.app import PREFIX, add_simulator
from bot.simulator.clock import MemoryClock
from bot.simulator.deliver import Timing
from bot.simulator.platform import Account, Platform


def main() -> None:
    """Serves until interrupted; prints one line with the page's address when ready."""
    options = _options()
    account = Account.of(
        options.app_id, options.secret, options.token, options.aes_key, options.previous_aes_key
    )
    clock = MemoryClock()
    base_url = f"http://{options.host}:{options.port}"
    app = web.Application()
    timing = Timing(options.attempts, options.timeout, options.interval)
    platform = Platform(account, now=clock.now, base_url=base_url)
    add_simulator(app, platform, clock, options.callback, timing=timing)

    async def ready(_: web.Application) -> None:
        print(f"{base_url}{PREFIX}", flush=True)  # noqa: T201 (the command's one line of output)

    app.on_startup.append(ready)
    web.run_app(app, host=options.host, port=options.port, print=None, shutdown_timeout=2, access_log=None)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description="WeChat platform simulator")
    parser.add_argument("--host", default="127.0.0.1", choices=["127.0.0.1", "localhost", "::1"])
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument(
        "--callback", required=True, help="the account's callback, http://127.0.0.1:8080/wechat"
    )
    parser.add_argument("--app-id", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--aes-key", default="", help="EncodingAESKey of 43 characters: safe mode")
    parser.add_argument("--previous-aes-key", default="")
    parser.add_argument("--attempts", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=5.0, help="seconds for each attempt")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between the starts of attempts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
