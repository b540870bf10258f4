using System.CommandLine;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent policy check`: what the policy file says, with every fault.</summary>
internal static class PolicyCommands
{
    public static Command Make(SiteAction action)
    {
        var file = new Option<string?>("--file") { Description = "Another file than the site's policy.yaml", HelpName = "FILE" };
        var check = new Command("check", "Check the policy; a faulty or expired one allows nothing") { file };
        check.SetAction(action.Do((parsed, directory) =>
        {
            var path = parsed.GetValue(file) is { } other ? action.Shell.PathOf(other) : directory.Policy;
            switch (new PolicyFile(path).Read())
            {
                case PolicyStanding.Faulty faulty:
                    action.Shell.Say(ExitCodes.Refused, $"'{path}' cannot be obeyed, so everything is refused:");
                    foreach (var fault in faulty.Faults) action.Shell.Say(ExitCodes.Refused, $"  {fault}");
                    return ExitCodes.Refused;
                case PolicyStanding.InForce { Policy: var policy }:
                    if (action.Shell.Clock.GetUtcNow() >= policy.Expires) return action.Shell.Say(ExitCodes.Refused, $"The policy expired at {policy.Expires:u}, so everything is refused. Set a later last day.");
                    action.Shell.Out.WriteLine($"policy {policy.Digest}");
                    action.Shell.Out.WriteLine($"good until {policy.Expires:u}");
                    action.Shell.Out.WriteLine($"studies: {(policy.Studies.IsEmpty ? "none" : string.Join(", ", policy.Studies.Select(s => $"{s.Key} ({Words.Of(s.Value)})")))}");
                    action.Shell.Out.WriteLine($"protections: {string.Join(", ", policy.Protections.Select(Words.Of))}; at least {policy.MinimumParticipants} participants and {policy.MinimumRows} rows");
                    action.Shell.Out.WriteLine($"at most {policy.MostRounds} rounds, {policy.MostLocalSteps} local steps and {policy.MostBytesPerRound} bytes a round");
                    action.Shell.Out.WriteLine($"disclosed by name: {(policy.Disclose.IsEmpty ? "nothing" : string.Join(", ", policy.Disclose.Select(Words.Of)))}");
                    return ExitCodes.Done;
                case var absent:
                    return action.Shell.Say(ExitCodes.Refused, absent.Sentence);
            }
        }));
        return new Command("policy", "The site's own rules") { check };
    }
}
