using DeepSeek.Federated.Agent.Rounds;

namespace DeepSeek.Federated.Agent.Tests.Rounds;

public sealed class A_study_shelf
{
    [Fact]
    public void counts_the_updates_that_left_whatever_the_ledger_says_and_each_once()
    {
        using var site = new TestSite();
        StudyShelf Shelf() => new(site.Directory, TestSite.Study);   // as after a restart
        Assert.Equal(0, Shelf().SentBefore(1, 1));
        foreach (var (round, attempt) in new[] { (1, 1), (1, 1), (2, 1), (2, 2), (2, 2) }) Shelf().CountSent(round, attempt);
        Assert.Equal(2, Shelf().SentBefore(2, 2));
        Assert.Equal(3, Shelf().SentBefore(3, 1));
    }
}
