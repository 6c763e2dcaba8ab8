"""What both mentions and search know of Korean: the particles that follow a noun."""

PARTICLES = tuple(
    """
    에서는 에서도 에게는 으로는 으로도 으로서 으로써 이라는 이라고 이라면 까지는 부터는
    에서 에게 한테 으로 로는 로서 로써 이라 이란 이나 까지 부터 처럼 보다 마다 조차 밖에
    하고 이며 이고 이다 라는 라고 라면 와의 과의 에는 에도 만의
    은 는 이 가 을 를 의 에 도 로 와 과 만 나 란 라 며 고
    """.split()
)
"""Particles and copulas, longer ones before those they begin or end with."""
