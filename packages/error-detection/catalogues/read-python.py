"""Prints the error messages in the Python files that are named on standard input, as JSON lines."""
import ast
import json
import re
import sys

REPORTERS = re.compile(r"(?:Error|Exception|Failure|Exit|Abort|BadRequest)$|^(?:error|critical|fatal|fail|abort|exit|die)$")


def name_of(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return ""


def hole(node):
    names = [name_of(inner) for inner in ast.walk(node) if name_of(inner)]
    return "\0" + (names[0] if names else "") + "\0"


def text_of(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else hole(part.value) for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        text = text_of(node.left)
        return text and re.sub(r"%(?:\(\w+\))?[-\d.]*[sdrfxi]", hole(node.right), text)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [text_of(node.left), text_of(node.right)]
        if parts == [None, None]:
            return None
        return (parts[0] or hole(node.left)) + (parts[1] or hole(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = text_of(node.func.value)
        if text is None:
            return text_of(node.args[0]) if node.args else None
        if node.func.attr == "format":
            return re.sub(r"\{(\w*)[^{}]*\}", lambda found: "\0" + found[1] + "\0", text)
        return text
    if isinstance(node, ast.Call):
        return text_of(node.args[0]) if node.args else None
    if isinstance(node, ast.IfExp):
        return text_of(node.body)
    return None


def messages(tree):
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not REPORTERS.search(name_of(node.func)):
            continue
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        texts = [text for text in map(text_of, arguments) if text]
        text = next((text for text in texts if len(re.findall(r"\w\w+", text)) > 1), None)
        if text:
            # `logger.error("… %s", value)`
            yield {"by": name_of(node.func), "text": re.sub(r"%[-\d.]*[sdr]", "\0\0", text)}


for path in sys.stdin.read().split("\n"):
    try:
        with open(path, encoding="utf8") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        continue
    for message in messages(tree):
        print(json.dumps(message))
