namespace AuthServer.Commands;

/// <summary>Owns what the framework makes ready at every start, and this server asks for late or never.</summary>
internal static class QuietStart
{
    private const long LargestStart = 32 * 1024 * 1024;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    // Opening the ring brings in the XML stack: the first cookie does, and our own start makes a ring that is not there.
    // The rest is for controllers, of which there are none, and brings in the half of MVC.
    private static readonly string[] Unasked =
    [
        "DataProtectionHostedService",
        "DefaultApiProblemDetailsWriter",
        "ActionConstraintMatcherPolicy",
        "DynamicControllerEndpointMatcherPolicy",
        "DynamicPageEndpointMatcherPolicy",
    ];

    /// <summary>Comes after everything that adds services: many of them add the same again.</summary>
    public static void Clear(IServiceCollection services)
    {
        foreach (var one in services.Where(IsUnasked).ToList())
        {
            services.Remove(one);
        }
    }

    /// <summary>
    /// Gives back the memory that only the start needed: two thirds of the heap, which the collector would keep as room for
    /// the next requests. Takes some milliseconds, lets those who waited for the start go first, and leaves a heap alone that
    /// is in use already.
    /// </summary>
    public static async Task TidyAsync()
    {
        await Task.Delay(Rest);
        if (GC.GetTotalMemory(forceFullCollection: false) < LargestStart)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    // They are the framework's own and have no name that could be written here as a type.
    private static bool IsUnasked(ServiceDescriptor one) =>
        !one.IsKeyedService && Unasked.Contains(one.ImplementationType?.Name, StringComparer.Ordinal);
}
