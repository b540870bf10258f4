using System.Text;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;

namespace DeepSeek.Federated.Signing.Tests.Rosters;

public sealed class A_roster
{
    private static readonly PublicKey North = new(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly PublicKey South = new(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly Roster Both = Roster.Of([Entry("south", South), Entry("north", North)]);

    [Fact]
    public void holds_a_site_under_its_confirmed_key_only()
    {
        Assert.True(Both.Contains(new SiteId("north"), North));
        Assert.False(Both.Contains(new SiteId("north"), South));
        Assert.False(Both.Contains(new SiteId("west"), North));
        Assert.False(Roster.Empty.Contains(new SiteId("north"), North));
        Assert.Equal(2, Both.Count);
    }

    [Fact]
    public void refuses_duplicates_and_unconfirmed_keys()
    {
        Assert.Contains("twice", Refused(() => Both.With(Entry("north", new PublicKey(new byte[32])))), StringComparison.Ordinal);
        Assert.Contains("same key", Refused(() => Both.With(Entry("west", North))), StringComparison.Ordinal);
        Assert.Contains("Nobody confirmed", Refused(() => Both.With(new RosterEntry(new SiteId("west"), Digest.Of("x"u8), []))), StringComparison.Ordinal);
        Assert.Contains("two people", Refused(() => Both.With(new RosterEntry(new SiteId("west"), Digest.Of("x"u8), ["A. Smith", "A. Smith"]))), StringComparison.Ordinal);
        Assert.Contains("control", Refused(() => Both.With(new RosterEntry(new SiteId("west"), Digest.Of("x"u8), ["\n"]))), StringComparison.Ordinal);
    }

    [Fact]
    public void returns_from_its_document_sorted_by_site()
    {
        var document = RosterDocument.Write(Both);
        Assert.Equal(Both.Entries, RosterDocument.Read(document).Entries);
        Assert.Equal(
            $$"""{"apiVersion":"federated/v1","kind":"Roster","sites":[{"confirmedBy":["A. Smith","B. Jones"],"fingerprint":"{{North.Fingerprint}}","site":"north"},{"confirmedBy":["A. Smith","B. Jones"],"fingerprint":"{{South.Fingerprint}}","site":"south"}]}""",
            Encoding.UTF8.GetString(document));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster"}""")]
    [InlineData("""{"apiVersion":"federated/v2","kind":"Roster","sites":[]}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Policy","sites":[]}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster","sites":[null]}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster","sites":[],"more":1}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster","sites":[{"site":"North","fingerprint":"00","confirmedBy":["A"]}]}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster","sites":[{"site":"north","fingerprint":"00","confirmedBy":["A"]}]}""")]
    [InlineData("""{"apiVersion":"federated/v1","kind":"Roster","sites":[{"site":"north","fingerprint":"0000000000000000000000000000000000000000000000000000000000000000","confirmedBy":[null]}]}""")]
    public void refuses_a_document_that_is_none(string document) => Refused(() => RosterDocument.Read(Encoding.UTF8.GetBytes(document)));

    private static RosterEntry Entry(string site, PublicKey key) => new(new SiteId(site), key.Fingerprint, ["A. Smith", "B. Jones"]);

    private static string Refused(Func<object> action) => Assert.Throws<FormatException>(action).Message;
}
