namespace AuthServer.Commands;

/// <summary>Owns what the framework makes ready at every start, and this server asks for late or never.</summary>
internal static class QuietStart
{
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

    // They are the framework's own and have no name that could be written here as a type.
    private static bool IsUnasked(ServiceDescriptor one) =>
        !one.IsKeyedService && Unasked.Contains(one.ImplementationType?.Name, StringComparer.Ordinal);
}
