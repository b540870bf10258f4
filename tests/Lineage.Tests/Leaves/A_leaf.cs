using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Lineage.Tests.Leaves;

public sealed class A_leaf
{
    private const string Golden =
        """{"actor":"site:north","at":"2026-01-31T12:00:00.1230000Z","body":{"round":1},"private":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","sequence":"3","stream":"round/heart-disease/1","type":"site-consented","v":1}""";

    private static readonly Leaf Sample = new(
        "round/heart-disease/1", 3, EventSamples.Noon, "site:north", "site-consented", 1, [.. """{"round":1}"""u8], EventSamples.Of("test"));

    [Fact]
    public void has_the_frozen_bytes_and_hash()
    {
        Assert.Equal(Golden, Encoding.UTF8.GetString(Sample.Encode()));
        Assert.Equal(MerkleHash.Leaf(Encoding.UTF8.GetBytes(Golden)), Sample.Hash());
        Assert.Equal(Golden.Replace("\"private\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\",", "", StringComparison.Ordinal), Encoding.UTF8.GetString((Sample with { Private = null }).Encode()));
    }

    [Fact]
    public void returns_from_its_bytes()
    {
        Assert.Equal(Sample, Leaf.Decode(Sample.Encode()));
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[1, int.MaxValue], Gen.DateTimeOffset, Gen.Bool).Sample((sequence, version, at, hidden) =>
        {
            var leaf = Sample with { Sequence = sequence, Version = version, At = at, Private = hidden ? Sample.Private : null };
            Assert.Equal(leaf, Leaf.Decode(leaf.Encode()));
        });
    }

    [Fact]
    public void has_one_spelling_so_no_byte_can_be_changed_without_changing_its_meaning()
    {
        var bytes = Sample.Encode();
        var (refused, another) = (0, 0);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var bit in Enumerable.Range(0, 8))
            {
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(1 << bit);
                try
                {
                    var read = Leaf.Decode(changed);
                    Assert.NotEqual(Sample, read);
                    Assert.Equal(changed, read.Encode());
                    another++;
                }
                catch (FormatException)
                {
                    refused++;
                }
            }
        }
        Assert.True(refused > 0 && another > 0);
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("at")]
    [InlineData("body")]
    [InlineData("sequence")]
    [InlineData("stream")]
    [InlineData("type")]
    [InlineData("v")]
    public void needs_every_field_in_its_kind(string field)
    {
        foreach (var other in new JsonNode?[] { null, true, new JsonArray(), "", "\n", "\u00e9", -1 })
            Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o[field] = other?.DeepClone())));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o.Remove(field))));
    }

    [Fact]
    public void is_refused_with_unknown_fields_bounds_broken_or_no_canonical_form()
    {
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["more"] = 1)));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["private"] = "abc")));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["private"] = null)));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["stream"] = "Study/x")));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["actor"] = "a\nb")));
        Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["v"] = 0)));
        foreach (var sequence in new[] { "-1", "01", "+1", " 1", "1.0", "9223372036854775808" })
            Assert.Throws<FormatException>(() => Leaf.Decode(Changed(o => o["sequence"] = sequence)));
        Assert.Throws<FormatException>(() => Leaf.Decode(Encoding.UTF8.GetBytes(Golden + "\n")));
        Assert.Throws<FormatException>(() => Leaf.Decode(Encoding.UTF8.GetBytes(Golden.Replace(":1,", ": 1,", StringComparison.Ordinal).Replace("{\"actor", "{ \"actor", StringComparison.Ordinal))));
        Assert.Throws<FormatException>(() => Leaf.Decode("[]"u8.ToArray()));
        Assert.Throws<FormatException>(() => Leaf.Decode(ReadOnlyMemory<byte>.Empty));
        Assert.Throws<FormatException>(() => Leaf.Decode(new byte[Leaf.LargestLength + 1]));
        Assert.Throws<FormatException>(() => (Sample with { Sequence = -1 }).Encode());
        Assert.Throws<FormatException>(() => (Sample with { Stream = "" }).Encode());
        Assert.Throws<FormatException>(() => (Sample with { Body = [.. "[]"u8] }).Encode());
        Assert.Throws<FormatException>(() => (Sample with { Body = [.. "{ }"u8] }).Encode());
        Assert.Throws<FormatException>(() => (Sample with { Body = [.. Encoding.UTF8.GetBytes($$"""{"x":"{{new string('x', Leaf.LargestLength)}}"}""")] }).Encode());
    }

    private static byte[] Changed(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Golden)!.AsObject();
        change(json);
        return CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
