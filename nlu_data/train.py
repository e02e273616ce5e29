"""Train one model in Rasa's environment: expand the examples, then Rasa's own training.

Started by ``build.py train``; the expanded examples stay in ``.rasa/expanded`` to be looked at. With
``--learned`` also what people accepted: ``learned/*.yml`` as ``python -m bot learning export`` writes it, in
Rasa's own format. It lies outside the tree's history, for it is people's words, masked.
"""

import argparse
import shutil
from pathlib import Path

from expand import write_expanded
from rasa.model_training import train_nlu

HERE = Path(__file__).resolve().parent


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--name", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--learned", action="store_true", help="also what people accepted")
    chosen = options.parse_args()
    examples = write_expanded(HERE, HERE / ".rasa" / ("with_learned" if chosen.learned else "expanded"))
    for path in sorted((HERE / "learned").glob("*.yml")) if chosen.learned else ():
        shutil.copyfile(path, examples / f"learned-{path.name}")
    trained = train_nlu(
        config=str(HERE.parent / "config.yml"),
        nlu_data=str(examples),
        domain=str(HERE / "domain.yml"),
        output=chosen.out,
        fixed_model_name=chosen.name,
    )
    if trained is None:
        raise SystemExit("Rasa made no model of these examples")


if __name__ == "__main__":
    main()
