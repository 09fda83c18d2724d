/*
 * experiment_html_test.c: what a user wrote stays text in a page, and pictures in one page do not share
 * names.
 */
#include "suite.h"

#include "experiment/html.h"

static void check_html(const char *string, size_t length, const char *wanted)
{
    struct text out = {0};
    text_add_html_bytes(&out, string, length);
    CU_ASSERT_STRING_EQUAL(out.data != NULL ? out.data : "", wanted);
    text_fini(&out);
}

static void test_escapes(void)
{
    check_html("", 0, "");
    check_html("a < b && \"c\" > 'd'", 18, "a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39;");
    check_html("</script><b>", 12, "&lt;/script&gt;&lt;b&gt;");
    check_html("l\303\244nge\n\ttab", 11, "l\303\244nge\n\ttab");
    /* Bytes that are no UTF-8, and control characters. */
    check_html("\377x\303", 3, "\357\277\275x\357\277\275");
    check_html("a\0b\033[1m\177", 8, "a b [1m ");
}

static void test_pictures(void)
{
    static const char drawn[] =
        "<?xml version=\"1.0\"?>\n<svg \n width=\"1200\" height=\"640\"\n viewBox=\"0 0 1200 640\"\n>\n"
        "<title>Gnuplot</title>\n<desc>Produced by GNUPLOT</desc>\n<g id=\"canvas\"><circle id='gpDot' "
        "r='0.5'/>"
        "<use xlink:href='#gpDot'/><path clip-path='url(#clip)' title='no'/></g>\n</svg>\n";
    struct text svg = {0}, out = {0};
    text_add(&svg, drawn);
    text_add_svg(&out, &svg, "p7-", "writes & \"bytes\"");
    CU_ASSERT_STRING_EQUAL(out.data,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" "
        "viewBox=\"0 0 1200 640\"><title>writes &amp; &quot;bytes&quot;</title>\n\n\n"
        "<g id=\"p7-canvas\"><circle id='p7-gpDot' r='0.5'/>"
        "<use xlink:href='#p7-gpDot'/><path clip-path='url(#p7-clip)' title='no'/></g>\n</svg>\n");
    /* What is no picture adds nothing, whatever it begins with. */
    static const char *const wrong[] = {
        "", "<svg", "<svg viewBox=\"0 0 1 1", "no picture > viewBox=\"", "<svg>viewBox=\"0\""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        text_clear(&svg);
        text_clear(&out);
        text_add(&svg, wrong[i]);
        text_add_svg(&out, &svg, "p", "t");
        CU_ASSERT_EQUAL(out.length, 0);
    }
    text_fini(&svg);
    text_fini(&out);
}

static void test_page(void)
{
    struct text out = {0};
    html_begin(&out, "<title>");
    html_end(&out);
    CU_ASSERT_EQUAL(strncmp(out.data, HTML_BEGINNING, strlen(HTML_BEGINNING)), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "<title>&lt;title&gt;</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "default-src 'none'"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "@media print"));
    CU_ASSERT_PTR_NULL(strstr(out.data, "url("));
    text_fini(&out);
}

static const struct suite_test tests[] = {
    {"text stays text", test_escapes},
    {"pictures have names of their own", test_pictures},
    {"the page fetches nothing", test_page},
};

int main(void)
{
    return suite_main("experiment_html", tests, sizeof tests / sizeof tests[0]);
}
