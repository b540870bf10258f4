using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Policies;

namespace DeepSeek.Federated.Domain.Tests.Policies;

public sealed class A_policy
{
    private static JsonObject Document() => JsonNode.Parse("""
        {
          "apiVersion": "federated.deepseek.com/v1", "kind": "SitePolicy", "metadata": { "name": "aachen" },
          "spec": {
            "expires": "2026-12-31", "studies": [ { "name": "heart", "approval": "automatic" } ], "protections": ["clear"],
            "minimumParticipants": 2, "minimumRows": 20, "mostRounds": 10, "mostLocalSteps": 100, "mostBytesPerRound": 1000, "disclose": ["accuracy"]
          }
        }
        """)!.AsObject();

    private static PolicyReading Reading(JsonNode document) => PolicyReader.Read(JsonSerializer.SerializeToElement(document));
    private static SitePolicy Policy(string key = "minimumRows", string value = "20")
    {
        var document = Document();
        document["spec"]![key] = JsonNode.Parse(value);
        return ((PolicyReading.Read)Reading(document)).Policy;
    }

    private static RefusalReason? Answer(SitePolicy policy, DateTimeOffset? now = null, JsonNode? manifest = null, int inRoster = 3, int rows = 100, long bytes = 500, int before = 0) =>
        policy.ConsiderRound(Samples.Read(manifest ?? Samples.Document()), inRoster, rows, bytes, before, now ?? Samples.Noon) is PolicyVerdict.Refused(var why, _) ? why : null;

    [Fact]
    public void allows_what_it_names() => Assert.Null(Answer(Policy()));

    [Fact]
    public void refuses_everything_it_does_not_name()
    {
        Assert.Equal(RefusalReason.PolicyExpired, Answer(Policy(), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Null(Answer(Policy(), new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero)));
        Assert.Equal(RefusalReason.StudyNotAllowed, Answer(Policy("studies", "[]")));
        Assert.Equal(RefusalReason.ProtectionNotAllowed, Answer(Policy("protections", "[\"encrypted\"]")));
        Assert.Equal(RefusalReason.TooManyLocalSteps, Answer(Policy("mostLocalSteps", "9")));
        Assert.Equal(RefusalReason.TooManyRounds, Answer(Policy("mostRounds", "2")));
        Assert.Equal(RefusalReason.TooManyRounds, Answer(Policy(), before: 10));
        Assert.Equal(RefusalReason.TooFewParticipants, Answer(Policy("minimumParticipants", "3")));
        Assert.Equal(RefusalReason.TooFewParticipants, Answer(Policy(), inRoster: 1));
        Assert.Equal(RefusalReason.TooFewRows, Answer(Policy(), rows: 19));
        Assert.Equal(RefusalReason.TooManyBytes, Answer(Policy(), bytes: 1001));
        var asking = Samples.Document();
        asking["spec"]!["disclosures"] = new JsonArray("loss");
        Assert.Equal(RefusalReason.DisclosureNotAllowed, Answer(Policy(), manifest: asking));
        asking["spec"]!["disclosures"] = new JsonArray("accuracy");
        Assert.Null(Answer(Policy(), manifest: asking));
    }

    [Theory]
    [InlineData("expires", "\"tomorrow\"")]
    [InlineData("allowEverything", "true")]
    [InlineData("minimumParticipants", "1")]
    [InlineData("protections", "[\"none\"]")]
    [InlineData("studies", "[{\"name\":\"heart\"},{\"name\":\"heart\"}]")]
    [InlineData("studies", "[{\"name\":\"*\"}]")]
    [InlineData("mostBytesPerRound", "null")]
    public void with_a_fault_is_no_policy(string key, string value)
    {
        var document = Document();
        document["spec"]![key] = JsonNode.Parse(value);
        Assert.IsType<PolicyReading.Faulty>(Reading(document));
    }

    [Fact]
    public void leaves_approval_to_the_steward_unless_it_says_otherwise()
    {
        var policy = Policy("studies", "[{\"name\":\"heart\"}]");
        Assert.Equal(new PolicyVerdict.Allowed(Approval.Steward), policy.Consider(Samples.Manifest(), Samples.Noon));
    }
}
