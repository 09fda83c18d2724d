# Writes a C file that holds the bytes of a text, NUL-terminated, as `const char NAME[]`. Bytes rather than a
# string literal: C11 promises literals of 4,095 characters only.
#
#     cmake -DIN=schema.sql -DOUT=schema_sql.c -DNAME=schema_sql -DHEADER=record/schema.h -P embed_text.cmake
file(READ "${IN}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
# Twenty-four bytes a line, for whoever opens it.
string(REPEAT "....." 24 row)
string(REGEX REPLACE "(${row})" "\\1\n    " bytes "${bytes}")
file(WRITE "${OUT}" "#include \"${HEADER}\"\n\nconst char ${NAME}[] = {\n    ${bytes}0};\n")
