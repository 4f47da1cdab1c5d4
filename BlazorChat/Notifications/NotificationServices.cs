using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Mail;
using BlazorChat.Notifications.Devices;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Notifications;

public static class NotificationServices
{
    public static WebApplicationBuilder AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddMail();
        builder.Services.AddPush();
        builder.Services.AddOutbox();
        builder.Services.AddDevices();
        return builder;
    }

    public static WebApplication MapNotifications(this WebApplication app)
    {
        app.MapDevices();
        return app;
    }

    internal static void AddDevices(this IServiceCollection services)
    {
        services.AddCommandLimit();
        services.AddSingleton<PushDevices>();
    }

    internal static void AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration("Mail").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MailOutbox>();
        services.AddSingleton<IMailQueue>(provider => provider.GetRequiredService<MailOutbox>());
        services.AddSingleton<MailSender>();
        services.AddHostedService<MailDispatcher>();
        services.AddHostedService<MissedMessageMails>();
    }
}
