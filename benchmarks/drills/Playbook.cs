using Drills.Drills;

namespace Drills;

/// <summary>All drills, in the order of docs/reliability.md.</summary>
internal static class Playbook
{
    public static readonly IReadOnlyList<Drill> All =
    [
        new("D-01", "What was answered survives kill -9; no client is logged out", KillInTheStorm.RunAsync),
        new("D-02", "A crash at any moment leaves all of a change or nothing", KillAtEveryMoment.RunAsync),
        new("D-03", "A client whose answer was lost gets the same successor", LostAnswers.RunAsync),
        new("D-04", "What is good once is good once", Races.RunAsync),
        new("D-05", "A restart of PostgreSQL is 503 for a moment", DatabaseRestart.RunAsync),
        new("D-06", "A standby takes over, and nothing that was answered is lost", Failover.RunAsync),
        new(
            "D-07",
            "A database that hangs is refused for quickly, and ends no family",
            FrozenDatabase.RunAsync
        ),
        new("D-08", "Without a free connection there is a quick 503, and keys as ever", SmallPool.RunAsync),
        new("D-09", "Without Redis nothing fails", RedisTrouble.RunAsync),
        new("D-15", "Nobody notices that instances are replaced and keys turn", RollingRotation.RunAsync),
        new("D-16", "Whoever has begun is answered before the server ends", Leaving.RunAsync),
        new(
            "D-17",
            "A key that does not open stops the start; none is made in its place",
            BrokenKeys.RunAsync
        ),
        new("D-18", "A backup taken under load serves again", BackupAndRestore.RunAsync),
        new("D-19", "However many migrate, and however they end, the next start serves", Migrators.RunAsync),
    ];
}
