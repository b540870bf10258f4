using System.Text;
using System.Text.Json;
using CsCheck;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Domain.Tests.Encoding;

public sealed class A_canonical_document
{
    private static string Canonical(string json) => System.Text.Encoding.UTF8.GetString(CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void sorts_keys_by_utf16_code_units_as_RFC_8785_section_3_2_3_shows() =>
        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            Canonical("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"""));

    [Fact]
    public void writes_strings_as_RFC_8785_section_3_2_2_2_shows() =>
        Assert.Equal("""["€$\u000f\nA'B\"\\\\\"/"]""", Canonical("""["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]"""));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[1,")]
    [InlineData("")]
    public void is_refused_where_two_readers_could_disagree(string json) =>
        Assert.Throws<FormatException>(() => Canonical(json));

    [Theory]
    [InlineData("{ }")]
    [InlineData("{\"b\":1,\"a\":2}")]
    [InlineData("\"\\u0041\"")]
    [InlineData("[1, 2]")]
    public void is_recognised_by_its_bytes_alone(string json) =>
        Assert.Throws<FormatException>(() => CanonicalJson.ParseCanonical(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void is_the_same_for_every_order_of_keys() =>
        Gen.Dictionary(Gen.String[Gen.Char[' ', '~'], 0, 6], Gen.Int)[0, 8].Select(Gen.Int, (d, s) => (d, s)).Sample((map, seed) =>
        {
            var shuffled = map.OrderBy(p => (p.Key + seed).GetHashCode(StringComparison.Ordinal)).ToDictionary(p => p.Key, p => p.Value);
            var (a, b) = (CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(map)), CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(shuffled)));
            Assert.Equal(a, b);
            using var again = CanonicalJson.ParseCanonical(a);
            Assert.Equal(map.Count, again.RootElement.EnumerateObject().Count());
        });
}

public sealed class A_digest
{
    [Fact]
    public void is_SHA256_and_reads_back_what_it_prints()
    {
        var digest = Digest.Of("abc"u8);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.ToString());
        Assert.Equal(digest, Digest.Parse(digest.ToString()));
        Assert.Equal(digest, new Digest(digest.ToArray()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void has_one_spelling(string? text) => Assert.False(Digest.TryParse(text, out _));
}
