using BlazorChat.Accounts.SignIn;
using BlazorChat.Data;
using BlazorChat.Demo.Entry;
using BlazorChat.Demo.Filling;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Demo;

/// <summary>
/// A site with an invented team, to look at: <c>--demo</c>. It has a data folder of its own, and reaches no other system, whatever the settings say.
/// </summary>
public static class DemoServices
{
    private const string DefaultAddress = "http://localhost:5080";

    /// <summary>Settings by which a site reaches other systems. A demo has none of them.</summary>
    private static readonly string[] Reaching = ["ConnectionStrings:SqlServer", "ConnectionStrings:Redis", "Mail:Host", "Shell:PublicUrl"];

    /// <summary>Replaces <c>--demo</c>, which has no value, by a setting.</summary>
    public static string[] ExpandDemo(string[] args) => [.. args.Select(argument => argument == "--demo" ? "--Demo:Run=true" : argument)];

    /// <summary>Call it before everything else is added. The settings of a demo replace all others.</summary>
    /// <returns>False when the data folder is another site's, or a demo's without <c>--demo</c>; one line on standard error has the reason.</returns>
    public static bool TryUseDemo(this WebApplicationBuilder builder, string[] args)
    {
        var options = builder.Configuration.GetSection("Demo").Get<DemoOptions>() ?? new DemoOptions();
        if (!options.Run)
            return Refuse(DemoFolder.FindDemo(DataFolder.Resolve(builder.Configuration, builder.Environment)));
        var configured = builder.Configuration["Data:Folder"];
        var folder = Path.GetFullPath(configured is null or "data" ? "demo-data" : configured, builder.Environment.ContentRootPath);
        if (!DemoFolder.TryOpen(folder, out var opened, out var refusal))
            return Refuse(refusal);
        builder.Services.AddSingleton(opened);
        builder.Services.AddSingleton(new IgnoredSettings([.. Reaching.Where(name => !string.IsNullOrWhiteSpace(builder.Configuration[name]))]));
        builder.Configuration.AddInMemoryCollection(Settings(folder));
        if (!args.Any(argument => argument.StartsWith("--urls", StringComparison.OrdinalIgnoreCase)))
            builder.Configuration["urls"] = DefaultAddress;
        builder.WebHost.PreferHostingUrls(true);
        return true;
    }

    /// <summary>Call it after everything else is added: the demo is filled when all services have started, and before the site listens.</summary>
    public static WebApplicationBuilder AddDemo(this WebApplicationBuilder builder)
    {
        if (!IsOn(builder.Services))
            return builder;
        builder.Services.AddOptions<DemoOptions>().BindConfiguration("Demo");
        builder.Services.AddSingleton<DemoClock>();
        builder.Services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DemoClock>());
        builder.Services.AddSingleton<IPushSender, NoPushSender>();
        builder.Services.AddSingleton(new SignInOffer(typeof(DemoSignIn)));
        builder.Services.AddFilling();
        return builder;
    }

    public static WebApplication MapDemo(this WebApplication app)
    {
        if (app.Services.GetService<DemoFolder>() is not null)
            app.MapDemoEntry();
        return app;
    }

    private static bool IsOn(IServiceCollection services) => services.Any(service => service.ServiceType == typeof(DemoFolder));

    private static bool Refuse(string? refusal)
    {
        if (refusal is not null)
            Console.Error.WriteLine(refusal);
        return refusal is null;
    }

    private static Dictionary<string, string?> Settings(string folder) => new(Reaching.Select(name => KeyValuePair.Create(name, (string?)"")))
    {
        ["Data:Folder"] = folder,
        ["Attachments:Folder"] = "",
        ["LinkPreviews:Enabled"] = "false",
        ["Accounts:Registration"] = "Closed",
        ["Channels:Workers:Run"] = "true",
        // The demo is written by the commands of few people.
        ["Commands:PerSecond"] = "1000",
    };
}
