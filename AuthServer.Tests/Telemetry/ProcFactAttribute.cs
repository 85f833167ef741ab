namespace AuthServer.Tests.Telemetry;

/// <summary>A test that looks into a process through <c>/proc</c>. Left out, with the reason, where there is none.</summary>
internal sealed class ProcFactAttribute : FactAttribute
{
    public ProcFactAttribute()
    {
        if (
            Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") != "true"
            && !File.Exists("/proc/self/maps")
        )
        {
            Skip = "This system has no /proc, which tells what a process has loaded.";
        }
    }
}
