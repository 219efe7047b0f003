"""Runs as a process of its own: sets one bulletin as PDF for `typesetting.py`.

What is set holds names and notes from outside; a fault of the typesetter must not stop the server.
So it runs here, inside limits of memory and processor time, and writes no file. Standard input: one
JSON object (template, inputs, timestamp, sizes); standard output: the PDF.
"""

from __future__ import annotations

import json
import resource
import sys


def main() -> None:
    memory = int(sys.argv[1])
    cpu_seconds = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import typst

    order = json.load(sys.stdin)
    template = order["template"].encode()
    fonts = typst.Fonts(include_system_fonts=False)
    for size in order["sizes"]:
        inputs = {**order["inputs"], "size": size}
        compiler = typst.Compiler(template, font_paths=fonts, sys_inputs=inputs)
        if int(compiler.query("<pages>", field="value", one=True)) <= order["most_pages"]:
            break
    pdf = compiler.compile(
        template, format="pdf", pdf_standards=["ua-1"], timestamp=order["timestamp"]
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
