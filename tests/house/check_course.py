#!/usr/bin/env python3
"""Whether the course holds together: what run_docs.py, which runs its commands, does not see.

usage: check_course.py FOLDER

- A lab (N-NAME.md) has at least three exercises; each has one hidden answer, and each answer a command whose output is compared.
- A picture that a page shows is there, and a command of that page draws a picture of its name. None lies about unused.
- A scenario or script of the folder is used by a page.
- Relative links lead somewhere; the course's README names every page.
"""
import os
import re
import sys

ANSWER = re.compile(r"<details><summary>Answer</summary>(.*?)</details>", re.S)
COMPARED = re.compile(r"^```console.*?^\$ .*?\n(?!\$ |```).*?^```", re.S | re.M)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


def problems(folder):
    pages = sorted(name for name in os.listdir(folder) if name.endswith(".md"))
    texts = {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in pages}
    labs = [name for name in pages if re.match(r"\d+-", name)]
    if len(labs) < 4:
        yield f"{folder}: only {len(labs)} labs"
    for name in labs:
        exercises = re.findall(r"^\*\*\d+[a-z]\.\*\*", texts[name], re.M)
        answers = ANSWER.findall(texts[name])
        if len(exercises) < 3 or len(exercises) != len(answers):
            yield f"{name}: {len(exercises)} exercises, {len(answers)} answers"
        for answer in answers:
            if not COMPARED.search(answer):
                yield f"{name}: an answer without a command whose output is compared: {answer.strip()[:60]}"
    shown = set()
    for name, text in texts.items():
        for target, _ in LINK.findall(text):
            if "://" in target:
                continue
            if not os.path.exists(os.path.join(folder, target)):
                yield f"{name}: the link {target} leads nowhere"
            if target.startswith("images/"):
                shown.add(os.path.basename(target))
                if not re.search(r"-o " + re.escape(os.path.basename(target)) + r"\b", text):
                    yield f"{name}: no command draws {target}"
    images = os.path.join(folder, "images")
    for name in sorted(set(os.listdir(images)) - shown):
        yield f"{images}/{name} is shown nowhere"
    for name in sorted(os.listdir(folder)):
        path = f"{os.path.basename(folder)}/{name}"
        if not name.endswith(".md") and os.path.isfile(os.path.join(folder, name)) and not any(path in text for text in texts.values()):
            yield f"{folder}/{name} is used by no page"
        if name.endswith(".md") and name != "README.md" and f"({name})" not in texts["README.md"]:
            yield f"README.md does not name {name}"


def main():
    found = list(problems(sys.argv[1]))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
