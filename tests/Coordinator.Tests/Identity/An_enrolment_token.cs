using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Coordinator.Tests.Identity;

public sealed class An_enrolment_token
{
    private static readonly EnrolmentToken Token = EnrolmentToken.Of(
        new SiteId("cleveland"), DateTimeOffset.FromUnixTimeSeconds(1_900_000_000), Digest.Of("ca"u8), Enumerable.Range(1, 16).Select(i => (byte)i).ToArray());

    [Fact]
    public void says_the_same_after_it_was_copied_by_hand()
    {
        var read = EnrolmentToken.Parse($"  {Token.Disclose()}\n");
        Assert.Equal((Token.Site, Token.Expires, Token.Authority, Token.Digest), (read.Site, read.Expires, read.Authority, read.Digest));
    }

    [Fact]
    public void is_refused_when_any_character_was_changed_or_lost()
    {
        var text = Token.Disclose();
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char["abcXYZ019-_.=+/"], Gen.Bool).Sample((at, put, lose) =>
        {
            var damaged = lose ? text.Remove(at, 1) : text.Remove(at, 1).Insert(at, put.ToString());
            if (damaged == text) return;
            var why = Assert.Throws<FormatException>(() => EnrolmentToken.Parse(damaged)).Message;
            Assert.Contains("Copy the whole line", why, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void never_prints_its_secret() => Assert.Equal("a token for cleveland", $"{Token}");

    [Fact]
    public void keeps_its_spelling() => Assert.Equal(
        "dsfed1.eyJjYSI6IjY5", Token.Disclose()[..19]);
}
