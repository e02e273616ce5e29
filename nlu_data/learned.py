"""Train one model with the accepted examples beside the written ones. Started by ``build.py train``.

``learned/*.yml`` are what ``python -m bot learning export`` writes: Rasa's own format. They lie outside the
tree's history, for they are people's words, masked.
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
    chosen = options.parse_args()
    examples = write_expanded(HERE, HERE / ".rasa" / "with_learned")
    for path in sorted((HERE / "learned").glob("*.yml")):
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
