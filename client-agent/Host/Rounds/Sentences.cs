using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What a step is, in words for the steward.</summary>
internal static class Sentences
{
    public static string Of(SiteStep step, StudyState state, StudyAnswer? answer, SiteId self) => step switch
    {
        SiteStep.Answer { Says: StudyAnswer.Approve }        => "approving the study",
        SiteStep.Answer { Says: StudyAnswer.Decline no }     => $"declining the study: {no.Sentence}",
        SiteStep.Answer or SiteStep.Rest                     => Resting(state, answer, self),
        SiteStep.Consider s                                  => $"considering round {s.Round.Round}",
        SiteStep.Make { Round.Kind: RoundKind.Evaluation } s => $"evaluating in round {s.Round.Round}",
        SiteStep.Make s                                      => $"training in round {s.Round.Round}",
        SiteStep.Send s                                      => $"sending the update of round {s.Round.Round}",
        SiteStep.Withdraw s                                  => $"leaving round {s.Round.Round}: {s.Why.Sentence}",
        SiteStep.GiveUp s                                    => $"giving up round {s.Round.Round}: its finished update is lost",
        SiteStep.Promote s                                   => $"keeping what round {s.Update.Round} taught",
        SiteStep.Discard s                                   => $"clearing round {s.Update.Round}",
        _                                                    => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    private static string Resting(StudyState state, StudyAnswer? answer, SiteId self) => (state.Phase, answer) switch
    {
        (StudyPhase.Completed, _)                                               => "the study is completed",
        (StudyPhase.Stopped, _)                                                 => "the study was stopped",
        _ when !state.Asked.Contains(self)                                      => "the study does not ask this site",
        (_, StudyAnswer.AskSteward) when state.Answers.GetValueOrDefault(self, (Domain.Policies.RefusalReason)(-1)) is not null
                                                                                => $"waiting for the steward: agent study approve {state.Manifest!.Name}, or refuse",
        (_, StudyAnswer.Decline no)                                             => $"declined: {no.Sentence}",
        _ when state.Round is RoundState.Collecting or RoundState.Closed        => $"waiting for the other sites of round {state.Round.Opened.Round}",
        _                                                                       => "waiting for the next round",
    };
}
