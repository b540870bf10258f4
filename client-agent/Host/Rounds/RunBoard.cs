using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What the running agent does, for <c>agent status</c>: a small file, replaced at every change. Thread-safe.</summary>
public sealed class RunBoard(SiteDirectory directory, TimeProvider clock)
{
    private readonly Lock _one = new();
    private RunStatus _status = new(Environment.ProcessId, default, "starting", ImmutableSortedDictionary<string, string>.Empty);

    public void Connection(string sentence) => Change(s => s with { Connection = sentence });

    public void Doing(StudyId study, string sentence) => Change(s => s with { Studies = s.Studies.SetItem(study.Value, sentence) });

    private void Change(Func<RunStatus, RunStatus> change)
    {
        lock (_one)
        {
            var next = change(_status) with { At = clock.GetUtcNow() };
            if (next with { At = _status.At } == _status) return;
            _status = next;
            try
            {
                StrictJson.Write(directory.Status, _status);
            }
            catch (IOException)
            {
                // Only for people to look at: a full disk must not stop the work, and is told where it matters.
            }
        }
    }
}

/// <summary>The file's content.</summary>
public sealed record RunStatus(int Pid, DateTimeOffset At, string Connection, ImmutableSortedDictionary<string, string> Studies);
