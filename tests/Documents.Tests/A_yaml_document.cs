using System.Text;
using System.Text.Json;
using CsCheck;

namespace DeepSeek.Federated.Documents.Tests;

public sealed class A_yaml_document
{
    [Theory]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: false", """{"a":false}""")]
    [InlineData("a: True", """{"a":"True"}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: 'true'", """{"a":"true"}""")]
    [InlineData("a: 12", """{"a":12}""")]
    [InlineData("a: -12", """{"a":-12}""")]
    [InlineData("a: 0", """{"a":0}""")]
    [InlineData("a: -0", """{"a":"-0"}""")]
    [InlineData("a: +1", """{"a":"+1"}""")]
    [InlineData("a: 007", """{"a":"007"}""")]
    [InlineData("a: 0x10", """{"a":"0x10"}""")]
    [InlineData("a: 1_000", """{"a":"1_000"}""")]
    [InlineData("a: 9007199254740991", """{"a":9007199254740991}""")]
    [InlineData("a: 9007199254740992", """{"a":"9007199254740992"}""")]
    [InlineData("a: -9223372036854775808", """{"a":"-9223372036854775808"}""")]
    [InlineData("a: 0.05", """{"a":"0.05"}""")]
    [InlineData("a: 1e-3", """{"a":"1e-3"}""")]
    [InlineData("a: .nan", """{"a":".nan"}""")]
    [InlineData("a: '12'", """{"a":"12"}""")]
    [InlineData("a: \"12\"", """{"a":"12"}""")]
    [InlineData("a: null", """{"a":null}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ''", """{"a":""}""")]
    [InlineData("a: Null", """{"a":"Null"}""")]
    [InlineData("a: 2026-01-31", """{"a":"2026-01-31"}""")]
    [InlineData("a: 12:30:45", """{"a":"12:30:45"}""")]
    [InlineData("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    [InlineData("a: >\n  one\n  two\n", """{"a":"one two\n"}""")]
    [InlineData("b: 1\na: 2", """{"a":2,"b":1}""")]
    [InlineData("- 1\n- [x, y]\n- {k: v}\n", """[1,["x","y"],{"k":"v"}]""")]
    [InlineData("\uFEFFa: 1", """{"a":1}""")]
    [InlineData("---\na: 1\n", """{"a":1}""")]
    [InlineData("# only a comment before\na: 1 # and behind\n", """{"a":1}""")]
    [InlineData("{\"a\": [1, \"2\", null, {\"b\": false}]}", """{"a":[1,"2",null,{"b":false}]}""")]
    [InlineData("'1': x", """{"1":"x"}""")]
    [InlineData("a: \"\\ud83d\\ude00 \\n\"", "{\"a\":\"\U0001F600 \\n\"}")]
    public void is_read_as_strict_JSON(string yaml, string expected)
    {
        var read = Assert.IsType<DocumentReading.Read>(YamlDocument.Read(yaml));
        Assert.Equal(expected, Encoding.UTF8.GetString(read.Canonical.AsSpan()));
        Assert.Equal(expected.Length > 0, read.Root.ValueKind != JsonValueKind.Undefined);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("# nothing\n", "empty")]
    [InlineData("a: 1\na: 2", "twice")]
    [InlineData("a: {b: 1, b: 2}", "twice")]
    [InlineData("a: &x 1", "Anchors")]
    [InlineData("a: &x {b: 1}", "Anchors")]
    [InlineData("a: *x", "Aliases")]
    [InlineData("a: &x [1]\nb: *x", "Anchors")]
    [InlineData("*x : 1", "Aliases")]
    [InlineData("&k a: 1", "Anchors")]
    [InlineData("<<: {a: 1}", "Merge")]
    [InlineData("a: !!str 1", "Tags")]
    [InlineData("a: ! 1", "Tags")]
    [InlineData("a: !!python/object:os.system {}", "Tags")]
    [InlineData("!t {a: 1}", "Tags")]
    [InlineData("!!str a: 1", "Tags")]
    [InlineData("%YAML 1.2\n---\na: 1", "Directives")]
    [InlineData("%TAG ! tag:x,2026:\n---\na: 1", "Directives")]
    [InlineData("a: 1\n---\nb: 2", "more than one")]
    [InlineData("a: 1\n...\nb: 2", "")]
    [InlineData("1: x", "not a string")]
    [InlineData("true: x", "not a string")]
    [InlineData("~: x", "not a string")]
    [InlineData("? [a]\n: 1", "A key is a string")]
    [InlineData("? {a: 1}\n: 1", "A key is a string")]
    [InlineData("a: [1, 2", "")]
    [InlineData("a: 'open", "")]
    [InlineData("a: b: c", "")]
    [InlineData("a:\n\t- 1", "")]
    [InlineData("a: \"\\ud800\"", "Unicode")]
    [InlineData("\"\\udc00\": 1", "Unicode")]
    [InlineData("a: \0", "U+0000")]
    [InlineData("a: \u001b[2J", "U+001B")]
    [InlineData("a: x\u202Ey", "U+202E")]
    [InlineData("a: x\u2028b: 2", "U+2028")]
    public void is_refused_with_the_place_and_the_mend(string yaml, string cause)
    {
        var malformed = Assert.IsType<DocumentReading.Malformed>(YamlDocument.Read(yaml));
        Assert.Contains(cause, malformed.Message, StringComparison.Ordinal);
        Assert.True(malformed.Line >= 1 && malformed.Column >= 1);
    }

    [Fact]
    public void is_refused_where_it_is_no_Unicode() =>
        Assert.Contains("not valid Unicode", Malformed(YamlDocument.Read("a: \ud800")), StringComparison.Ordinal);

    [Fact]
    public void names_the_line_and_the_column()
    {
        Assert.Equal((3, 1), Place("a: 1\nb: 2\na: 3\n"));
        Assert.Equal((2, 6), Place("a: 1\nb:   *x\n"));
        Assert.Equal((2, 5), Place("a: 1\nb: x\u0007\n"));
        static (long, long) Place(string yaml) =>
            YamlDocument.Read(yaml) is DocumentReading.Malformed m ? (m.Line, m.Column) : throw new InvalidOperationException("was read");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(100_000, false)]
    public void nests_at_most_32_levels(int depth, bool lawful)
    {
        Assert.Equal(lawful, YamlDocument.Read(new string('[', depth) + new string(']', depth)) is DocumentReading.Read);
        Assert.Equal(lawful, YamlDocument.Read(string.Concat(Enumerable.Repeat("{a: ", depth)) + new string('}', depth)) is DocumentReading.Read);
    }

    [Fact]
    public void is_bounded_in_bytes_before_it_is_parsed()
    {
        Assert.IsType<DocumentReading.Read>(YamlDocument.Read("a: 1234567", 10));
        Assert.Contains("longer than 10", Malformed(YamlDocument.Read("a: 12345678", 10)), StringComparison.Ordinal);
        Assert.Contains("longer than 10", Malformed(YamlDocument.Read("a: ééééé", 10)), StringComparison.Ordinal);
        Assert.Contains("longer", Malformed(YamlDocument.Read(new string('x', YamlDocument.DefaultLargest + 1))), StringComparison.Ordinal);
        Assert.Contains("longer than 10", Malformed(YamlDocument.Read(new Endless(), 10)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => YamlDocument.Read("", 0));
    }

    [Fact]
    public void is_read_from_a_stream_of_UTF8()
    {
        using var good = new MemoryStream("\uFEFFa: é"u8.ToArray());
        Assert.Equal("""{"a":"é"}""", Encoding.UTF8.GetString(Assert.IsType<DocumentReading.Read>(YamlDocument.Read(good)).Canonical.AsSpan()));
        using var latin1 = new MemoryStream([(byte)'a', (byte)':', (byte)' ', 0xE9]);
        Assert.Contains("UTF-8", Malformed(YamlDocument.Read(latin1)), StringComparison.Ordinal);
    }

    [Fact]
    public void never_throws_whatever_the_text()
    {
        var (read, refused) = (0, 0);
        var pieces = Gen.OneOf("a", "b", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "'", "\"", "&x", "*x", "!t", "|", ">", "#", "?", "%", "---", "...", "1", "~", "\\", "\t", "é");
        pieces.Array[0, 14].Select(string.Concat).Sample(yaml =>
        {
            if (YamlDocument.Read(yaml) is DocumentReading.Read) Interlocked.Increment(ref read);
            else Interlocked.Increment(ref refused);
        }, iter: 20_000);
        Gen.String.Sample(yaml => YamlDocument.Read(yaml), iter: 2_000);
        Assert.True(read > 0 && refused > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public void written_is_read_as_the_same_value()
    {
        var text = Gen.OneOf(Gen.OneOf("", "true", "no", "12", "-3", "0.5", "~", "null", " x", "x ", "a: b", "# c", "- d", "é", "\U0001F600", "\u2028", "\u0085", "\0", "line\nline\n", "'\"\\"), Gen.String.Where(IsUnicode));
        var leaf = Gen.OneOf(text.Select(t => (object?)t), Gen.Long[-(1L << 53) + 1, (1L << 53) - 1].Select(n => (object?)n), Gen.Bool.Select(b => (object?)b), Gen.Const((object?)null));
        var list = leaf.Array[0, 4].Select(items => (object?)items);
        var map = Gen.Dictionary(text, Gen.OneOf(leaf, list))[0, 5].Select(d => (object?)d);
        Gen.OneOf(leaf, list, map, map.Array[0, 3].Select(items => (object?)items)).Sample(value =>
        {
            var json = JsonSerializer.SerializeToElement(value);
            var read = Assert.IsType<DocumentReading.Read>(YamlDocument.Read(YamlDocument.Write(json)));
            Assert.Equal(Domain.Encoding.CanonicalJson.Write(json), read.Canonical.AsSpan());
        }, iter: 5_000);
    }

    private static bool IsUnicode(string text) => text.EnumerateRunes().All(r => r.Value != 0xFFFD) && new UTF8Encoding(false, true).GetByteCount(text) >= 0;

    private static string Malformed(DocumentReading reading) => Assert.IsType<DocumentReading.Malformed>(reading).Message;

    private sealed class Endless : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'a');
            return count;
        }
    }
}
