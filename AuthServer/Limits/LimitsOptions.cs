namespace AuthServer.Limits;

/// <summary>The section <c>RateLimits</c>: how much one address, person or client may ask for.</summary>
internal sealed class LimitsOptions
{
    /// <summary>False counts nothing and refuses nothing: for load tests only.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests of one address that nobody else is charged for; also its refused client authentications.</summary>
    public LimitSettings Global { get; set; } = new(100, TimeSpan.FromMinutes(15));

    /// <summary>Requests of one signed-in person.</summary>
    public LimitSettings PerUser { get; set; } = new(30, TimeSpan.FromMinutes(1));

    /// <summary>Requests of one client that proves who it is.</summary>
    public LimitSettings PerClient { get; set; } = new(6000, TimeSpan.FromMinutes(1));

    /// <summary>Failed sign-ins to one account from one address, or from one browser that the account knows.</summary>
    public LimitSettings SignInFailures { get; set; } = new(5, TimeSpan.FromMinutes(15));

    /// <summary>Failed sign-ins to one account from all browsers that it does not know.</summary>
    public LimitSettings SignInFailuresPerAccount { get; set; } = new(20, TimeSpan.FromMinutes(15));

    /// <summary>Failed sign-ins from one address to all accounts.</summary>
    public LimitSettings SignInFailuresPerAddress { get; set; } = new(50, TimeSpan.FromMinutes(15));

    /// <summary>Letters of one kind to one mailbox that anybody can cause: of a reset, a registration, a change of address.</summary>
    public LimitSettings Letters { get; set; } = new(5, TimeSpan.FromHours(1));

    /// <summary>Such letters that one address can cause, to all mailboxes.</summary>
    public LimitSettings LettersPerAddress { get; set; } = new(100, TimeSpan.FromHours(1));

    /// <summary>Networks whose requests are not counted, as CIDR: <c>10.0.0.0/8</c>. Their failed sign-ins are.</summary>
    public List<string> ExemptNetworks { get; set; } = [];
}

/// <summary>One limit as written in the configuration.</summary>
internal sealed class LimitSettings(int permitLimit, TimeSpan window)
{
    /// <summary>For the binder, which then sets both.</summary>
    public LimitSettings()
        : this(0, TimeSpan.Zero) { }

    /// <summary>At least 1.</summary>
    public int PermitLimit { get; set; } = permitLimit;

    /// <summary>More than zero, at most a day; it begins with the first time.</summary>
    public TimeSpan Window { get; set; } = window;

    public Limit Named(string name) => new(name, PermitLimit, Window);
}
